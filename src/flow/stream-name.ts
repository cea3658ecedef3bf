/** A stream as users name it. */
export interface StreamName {
  readonly protocol: 'tcp' | 'udp'
  /** Wireshark's number: `tcp.stream`, `udp.stream`. */
  readonly stream: number
}
