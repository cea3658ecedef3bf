/** FDDI's number, apart from its module: FDDI carries LLC, and LLC can carry FDDI (bridged, IEEE 802.1H). */
import { protocolId } from './protocol.ts'

export const FDDI = protocolId('fddi')
