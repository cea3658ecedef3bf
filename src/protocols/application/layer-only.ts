/** Protocols whose layers another decoder enters by itself, where it finds them in its own message. */
import { NONE } from '../../packet/packet.ts'
import type { Protocol } from '../protocol.ts'

export function layerOnly(id: number, name: string, title: string, fields: Protocol['fields'] = []): Protocol {
  return {
    id,
    name,
    title,
    need: 'dissection',
    fields,

    /** Never called: nothing hands to it. */
    decode() {
      return NONE
    },
  }
}
