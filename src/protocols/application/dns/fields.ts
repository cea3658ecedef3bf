/** The fields of a protocol that speaks DNS. */
import type { Field } from '../../field.ts'
import { type Flavour, headerFields } from './header-fields.ts'
import { recordFields } from './record-fields.ts'
import { transactionFields } from './transactions.ts'

export function dnsFields(flavour: Flavour): Field[] {
  return [...headerFields(flavour), ...recordFields(flavour), ...transactionFields]
}
