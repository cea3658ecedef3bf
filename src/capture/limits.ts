/**
 * What a capture may claim before it is taken for damaged. A snaplen is a claim too and bounds nothing.
 * The numbers are Wireshark's (wiretap/wtap.h, WTAP_MAX_PACKET_SIZE_*), so that the same files are damaged at the same records.
 */

/** Captured octets of a packet: ordinary link types. */
export const MAX_CAPTURED_LENGTH = 262_144

const MEBIBYTE = 1024 * 1024

/** Link types whose units can be longer. */
const MAX_BY_LINK_TYPE: Readonly<Record<number, number>> = {
  189: 128 * MEBIBYTE, // USB_LINUX
  220: 128 * MEBIBYTE, // USB_LINUX_MMAPPED
  231: 128 * MEBIBYTE, // DBUS
  249: 128 * MEBIBYTE, // USBPCAP
  266: 128 * MEBIBYTE, // USB_DARWIN
  279: 32 * MEBIBYTE, // EBHSCR
}

export function maxCapturedLength(linkType: number): number {
  return MAX_BY_LINK_TYPE[linkType] ?? MAX_CAPTURED_LENGTH
}

/** Octets of a pcapng block. */
export const MAX_BLOCK_LENGTH = 16 * MEBIBYTE

/**
 * Octets that a packet had on the wire: a claim that nothing can bear out, cut down to what `frame.len` can say. It may
 * be less than the captured length, in damaged files and when hardware adds a trailer; it is then left as it is.
 */
export const MAX_ORIGINAL_LENGTH = 0x7fff_ffff
