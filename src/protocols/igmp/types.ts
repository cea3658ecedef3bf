/** Types of IGMP message (IANA, "IGMP Type Numbers"). */

/** Up to here: version 0 (RFC 988). */
export const MAX_VERSION_0 = 0x0f
export const CREATE_GROUP_REQUEST = 0x01
export const QUERY = 0x11
export const REPORT_1 = 0x12
export const DVMRP_TYPE = 0x13
export const PIM_TYPE = 0x14
export const REPORT_2 = 0x16
export const LEAVE = 0x17
export const TRACE_RESPONSE = 0x1e
export const TRACE = 0x1f
export const REPORT_3 = 0x22

/** Hot: whether the type is one of IGMP's own, and so has a second layer. */
export function isOwnType(type: number): boolean {
  return (
    type <= MAX_VERSION_0 ||
    type === QUERY ||
    type === REPORT_1 ||
    type === REPORT_2 ||
    type === LEAVE ||
    type === TRACE_RESPONSE ||
    type === TRACE ||
    type === REPORT_3
  )
}
