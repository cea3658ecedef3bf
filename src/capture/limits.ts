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
 * Interfaces of a pcapng file, over all its sections: 700 octets of memory each. dumpcap captures on as many as a machine has, and
 * mergecap adds those of its files up; sixty thousand is beyond both.
 */
export const MAX_INTERFACES = 65_536

/** Sections of a pcapng file: programs write one, or one for each file that was put behind another. */
export const MAX_SECTIONS = 65_536

/**
 * Octets of options of all interfaces and sections of a pcapng file together. They are kept, as a copy of the packets has to have
 * them. A name and a description take a hundred; a filter of tcpdump's with a thousand addresses, 30,000.
 */
export const MAX_OPTION_OCTETS = 16 * MEBIBYTE

/** Octets of a name, a description or another text of an interface or a section that are read; the rest is cut off. */
export const MAX_TEXT_OCTETS = 4096

/**
 * Octets that a packet had on the wire: a claim that nothing can bear out, cut down to what `frame.len` can say. It may
 * be less than the captured length, in damaged files and when hardware adds a trailer; it is then left as it is.
 */
export const MAX_ORIGINAL_LENGTH = 0x7fff_ffff

/**
 * Octets of a record, or of a block of pcapng, by which reading may go on behind damage: the longest ordinary packet, with the
 * options that it may have. What is longer is not looked for, so that a search needs little memory.
 */
export const MAX_FOUND_LENGTH = MAX_CAPTURED_LENGTH + 65_536

/** Gaps behind damage that are told one by one. */
export const MAX_GAPS_TOLD = 10
