/** What the decoders of one TCP or UDP stream share across its packets. `flow/dissection.ts` keeps them. */
export interface Conversation {
  /** The protocol that every later payload is handed to first; `NONE` while ports and looks decide for each payload. */
  protocol: number
  /** The port that a SYN went to or a SYN-ACK came from; 0 if neither was seen. */
  serverPort: number
  /** State that a protocol keeps, by its number. What it holds must be bounded. */
  readonly state: Map<number, unknown>
  /**
   * Says that `protocol` will be spoken over `transport` (the number of TCP or UDP) by whoever uses that address and
   * port, as FTP says of its data connection and SDP of RTP. The address is text, as `formatIpv4` and `formatIpv6` write it.
   */
  expect(transport: number, address: string, port: number, protocol: number): void
}
