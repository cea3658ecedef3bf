/** The blocks of pcapng: their types, and what is least in each (draft-ietf-opsawg-pcapng §3.1, §4; IANA's list of block types). */

/** Reads the same in both byte orders (§4.1). */
export const SECTION_HEADER = 0x0a0d0d0a
export const INTERFACE_DESCRIPTION = 1
export const OBSOLETE_PACKET = 2
export const SIMPLE_PACKET = 3
/** Names of addresses (§4.5). */
export const NAME_RESOLUTION = 4
export const ENHANCED_PACKET = 6
export const SYSTEMD_JOURNAL = 9
/** Keys that decrypt packets after it (§4.7). */
export const DECRYPTION_SECRETS = 10
/** To be copied by programs that change a file, and not to be (§4.8). */
export const CUSTOM = 0x0bad
const PRIVATE_CUSTOM = 0x4000_0bad

/** Type, total length, and total length again. */
export const MIN_BLOCK_LENGTH = 12
/** Octets of a block before and after the data of its packet. */
export const ENHANCED_OVERHEAD = 32
export const SIMPLE_OVERHEAD = 16
/** The private enterprise number besides. */
export const CUSTOM_OVERHEAD = 16
/** Byte-order magic, version and section length besides. */
export const SECTION_OVERHEAD = 28
export const INTERFACE_OVERHEAD = 20
/** The secrets' type and length besides. */
export const SECRETS_OVERHEAD = 20

export const BYTE_ORDER_MAGIC = 0x1a2b3c4d

/** Whether a copy of the packets needs the block. */
export function isCopied(type: number): boolean {
  return type === DECRYPTION_SECRETS || type === NAME_RESOLUTION
}

export function isCustom(type: number): boolean {
  return type === CUSTOM || type === PRIVATE_CUSTOM
}

/** Octets of a block of this type at least. */
export function leastLength(type: number): number {
  if (type === ENHANCED_PACKET || type === OBSOLETE_PACKET) return ENHANCED_OVERHEAD
  if (type === INTERFACE_DESCRIPTION) return INTERFACE_OVERHEAD
  if (type === SIMPLE_PACKET) return SIMPLE_OVERHEAD
  return isCustom(type) ? CUSTOM_OVERHEAD : MIN_BLOCK_LENGTH
}

/** Major version 1 is the one there is (§4.1); minor 2 is what some writers wrote for 0. */
export function isKnownVersion(major: number, minor: number): boolean {
  return major === 1 && (minor === 0 || minor === 2)
}
