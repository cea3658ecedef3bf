/** Why a stream has the name of its application. */
export interface Evidence {
  /**
   * `payload`: what the stream carries was recognised. `announced`: another stream said that this one would carry it, as FTP does
   * of its data connections. `port`: only that the port is that protocol's, and that its decoder takes the payload.
   */
  readonly kind: 'payload' | 'announced' | 'port'
  /** Number of the packet that told; counted from 1, as `frame.number`. */
  readonly packet: number
  /** What was recognised, in words: `handshake "BitTorrent protocol"`, `port 53`. */
  readonly what: string
}
