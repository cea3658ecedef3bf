/** Names of hosts: nothing is looked up, so that, as with `tshark -n`, a host is called by its address. */
import { formatIpv4 } from '../../packet/address.ts'
import { computed, type Each, type Field } from '../field.ts'

/** The addresses that `each` visits, as text. */
export function hostField(name: string, description: string, each: Each): Field {
  return computed('string', name, `${description}; its address, for names are not looked up`, (packet, layer, visit) =>
    each(packet, layer, (address) => visit(formatIpv4(address), 0)),
  )
}
