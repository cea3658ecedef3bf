/** The frames of QUIC: RFC 9000 §19. */

// Types of frames.
export const ACK = 0x02
export const ACK_ECN = 0x03
export const CRYPTO = 0x06
export const NEW_TOKEN = 0x07
export const FIRST_STREAM = 0x08
export const LAST_STREAM = 0x0f
export const NEW_CONNECTION_ID = 0x18
export const CLOSE = 0x1c
export const CLOSE_BY_APPLICATION = 0x1d
/** How many numbers of variable length make up the other frames. */
export const NUMBERS: Readonly<Record<number, number>> = {
  1: 0,
  4: 3,
  5: 2,
  16: 1,
  17: 2,
  18: 1,
  19: 1,
  20: 1,
  21: 2,
  22: 1,
  23: 1,
  25: 1,
  30: 0,
}
/** Frames of 8 octets: PATH_CHALLENGE, PATH_RESPONSE. */
export const PATH_FRAMES: readonly number[] = [0x1a, 0x1b]
