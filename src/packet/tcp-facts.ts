/**
 * What TCP analysis (`flow/tcp-analysis.ts`) knows of one segment. One object for each layer, refilled.
 *
 * Numbers that may exceed 31 bits begin as -0, which V8 keeps as a double: refilling them then never changes the object's shape.
 */
export class TcpFacts {
  /** The segment was analysed: it is not quoted by ICMP, and its ports, numbers and flags were captured. */
  isKnown = false
  /** The header is no shorter than it may be. */
  isSound = false
  /** The header is whole on the wire: the segment has a place in the sequence space of its stream. */
  hasSequence = false
  /** Bits of the constants below: what Wireshark lists as `tcp.analysis.*`. */
  flags = 0
  /** Something is told under `tcp.analysis`. */
  hasAnalysis = false

  /** Relative to the numbers that the two directions began with. */
  sequence = -0
  nextSequence = -0
  acknowledgment = -0
  /** What the other direction began with: selective acknowledgments are relative to it. */
  acknowledgedBase = -0
  /** Octets that the receiver offers, scaled where the scale is known. */
  window = -0
  /** The factor by which the window was scaled; or one of `SCALE_UNKNOWN`, `SCALE_UNUSED`, `SCALE_ABSENT`. */
  windowScale = 0

  /** Accurate ECN was agreed on in the handshake: three of the control bits are a counter now. */
  hasAccurateEcn = false

  /** `COMPLETENESS_*` bits of the stream up to this segment. */
  completeness = 0

  /** The fixed part of the header was captured and is sound: Wireshark shows times below it. */
  hasTimes = false
  /** Since the first segment of the stream, and since the one before; both parts have the sign of the whole. */
  relativeSeconds = -0
  relativeNanoseconds = -0
  deltaSeconds = -0
  deltaNanoseconds = -0

  /** The packet of the segment that this one acknowledges; 0 if there is none. */
  acksFrame = -0
  ackRttSeconds = -0
  ackRttNanoseconds = -0
  /** From SYN to the end of the handshake; both 0 if unknown. */
  initialRttSeconds = -0
  initialRttNanoseconds = -0
  /** Octets sent and not acknowledged, this segment's included; 0 if unknown. */
  bytesInFlight = -0
  /** Octets since the last segment with PSH, this one's included; 0 if unknown. */
  pushBytesSent = -0
  /** How often the acknowledgment was repeated so far, and in which packet it came first. */
  duplicateCount = -0
  duplicateFrame = -0
  /** For a retransmission: the packet after which the sender waited, and how long. 0 if there is none. */
  rtoFrame = -0
  rtoSeconds = -0
  rtoNanoseconds = -0
  /** One of `CLOSE_*`. */
  close = 0

  /** Hot: forgets all. */
  reset(): void {
    this.isKnown = false
    this.hasSequence = false
    this.flags = 0
    this.hasAnalysis = false
    this.hasAccurateEcn = false
    this.acksFrame = 0
    this.bytesInFlight = 0
    this.pushBytesSent = 0
    this.duplicateFrame = 0
    this.rtoFrame = 0
    this.close = CLOSE_NONE
  }
}

// `TcpFacts.flags`.
export const RETRANSMISSION = 1 << 0
export const OUT_OF_ORDER = 1 << 1
export const FAST_RETRANSMISSION = 1 << 2
export const SPURIOUS_RETRANSMISSION = 1 << 3
export const LOST_SEGMENT = 1 << 4
export const ACK_LOST_SEGMENT = 1 << 5
export const DUPLICATE_ACK = 1 << 6
export const ZERO_WINDOW = 1 << 7
export const ZERO_WINDOW_PROBE = 1 << 8
export const ZERO_WINDOW_PROBE_ACK = 1 << 9
export const WINDOW_FULL = 1 << 10
export const WINDOW_UPDATE = 1 << 11
export const KEEP_ALIVE = 1 << 12
export const KEEP_ALIVE_ACK = 1 << 13
export const REUSED_PORTS = 1 << 14
/** A SYN with data and a Fast Open cookie (RFC 7413); its SYN-ACK acknowledges the data, or does not. */
export const TFO_SYN = 1 << 15
export const TFO_ACK = 1 << 16
export const TFO_IGNORED = 1 << 17

// `TcpFacts.windowScale`, besides a factor.
/** The handshake was not captured. Wireshark's value. */
export const SCALE_UNKNOWN = -1
/** One side did not offer to scale (RFC 7323 §2.2). Wireshark's value. */
export const SCALE_UNUSED = -2
/** The window of a SYN is never scaled. */
export const SCALE_ABSENT = 0

// `TcpFacts.completeness`.
export const COMPLETENESS_SYN = 1 << 0
export const COMPLETENESS_SYN_ACK = 1 << 1
export const COMPLETENESS_ACK = 1 << 2
export const COMPLETENESS_DATA = 1 << 3
export const COMPLETENESS_FIN = 1 << 4
export const COMPLETENESS_RST = 1 << 5
export const COMPLETENESS_ALL = (1 << 6) - 1

// `TcpFacts.close`: what a FIN does.
export const CLOSE_NONE = 0
/** It is the first of its connection. */
export const CLOSE_ACTIVE = 1
/** It answers the other side's. */
export const CLOSE_PASSIVE = 2
