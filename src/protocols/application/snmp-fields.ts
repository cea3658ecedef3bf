/** Further fields of SNMP: the header of version 3 (RFC 3412 §6, RFC 3414 §2.4), and the values of variables (RFC 3416 §3). */
import { read32 } from '../../packet/bytes.ts'
import type { Field } from '../field.ts'
import { type Item, item, type Scan, scanned } from '../scan.ts'
import { readInteger } from './security/asn1.ts'
import { type Contents, elementAt, identifier, OCTET_STRING, OID, SEQUENCE, within } from './security/elements.ts'

const VERSION_3 = 3
const TRAP = 4
/** Context tags of operations begin here. */
const PDU = 0xa0
const REPORT = 8

// Flags of version 3.
const AUTHENTICATED = 1
const ENCRYPTED = 2
const REPORTABLE = 4

const none = (name: string, description: string): Item => item('none', `snmp.${name}`, description)
const octets = (name: string, description: string): Item => item('bytes', `snmp.${name}`, description)
const number = (name: string, description: string): Item => item('uint32', `snmp.${name}`, description)
const flag = (name: string, description: string): Item => item('boolean', `snmp.v3.flags.${name}`, description)

const globalData = none('msgGlobalData_element', 'msgGlobalData')
const maximumSize = number('msgMaxSize', 'msgMaxSize; octets that the sender takes')
const flags = octets('msgFlags', 'msgFlags')
const reportable = flag('report', 'Reportable')
const encrypted = flag('crypt', 'Encrypted')
const authenticated = flag('auth', 'Authenticated')
const securityModel = item('uint32', 'snmp.msgSecurityModel', 'msgSecurityModel', {
  values: { 0: 'Any', 1: 'V1', 2: 'V2C', 3: 'USM' },
})
const engineId = octets('msgAuthoritativeEngineID', 'msgAuthoritativeEngineID')
const engineBoots = number('msgAuthoritativeEngineBoots', 'msgAuthoritativeEngineBoots; starts of the engine so far')
const engineTime = number('msgAuthoritativeEngineTime', 'msgAuthoritativeEngineTime; seconds since the last of them')
const authentication = octets('msgAuthenticationParameters', 'msgAuthenticationParameters')
const privacy = octets('msgPrivacyParameters', 'msgPrivacyParameters')
const data = item('uint32', 'snmp.msgData', 'msgData', { values: { 0: 'plaintext', 1: 'encryptedPDU' } })
const plaintext = none('plaintext_element', 'plaintext')
const encryptedPdu = octets('encryptedPDU', 'encryptedPDU')
const contextEngine = octets('contextEngineID', 'contextEngineID')
const contextName = item('string', 'snmp.contextName', 'contextName')

/** By number. */
const operations: readonly Item[] = [
  none('get_request_element', 'get-request'),
  none('get_next_request_element', 'get-next-request'),
  none('get_response_element', 'get-response'),
  none('set_request_element', 'set-request'),
  none('trap_element', 'trap'),
  none('getBulkRequest_element', 'getBulkRequest'),
  none('informRequest_element', 'informRequest'),
  none('snmpV2_trap_element', 'snmpV2-trap'),
  none('report_element', 'report'),
]
const enterprise = item('string', 'snmp.enterprise', 'enterprise; whose trap it is')

const signed = (name: string, description: string): Item => item('int64', `snmp.value.${name}`, description)
const unsigned = (name: string, description: string): Item => item('uint64', `snmp.value.${name}`, description)
const valueInteger = signed('int', 'Value (Integer32)')
const valueOctets = octets('value.octets', 'Value (OctetString)')
const valueNull = none('value.null', 'Value (Null)')
const valueOid = item('string', 'snmp.value.oid', 'Value (OID)')
const valueAddress = item('ipv4', 'snmp.value.ipv4', 'Value (IpAddress)')
const valueCounter = unsigned('counter', 'Value (Counter32)')
const valueGauge = signed('u32', 'Value (Unsigned32)')
const valueTicks = unsigned('timeticks', 'Value (Timeticks); hundredths of a second')
const valueOpaque = octets('value.opaque', 'Value (Opaque)')
const noObject = none('noSuchObject', 'noSuchObject')
const noInstance = none('noSuchInstance', 'noSuchInstance')
const endOfView = none('endOfMibView', 'endOfMibView')

const items: readonly Item[] = [
  ...[globalData, maximumSize, flags, reportable, encrypted, authenticated, securityModel, engineId, engineBoots],
  ...[engineTime, authentication, privacy, data, plaintext, encryptedPdu, contextEngine, contextName],
  ...[...operations, enterprise, valueInteger, valueOctets, valueNull, valueOid, valueAddress, valueCounter],
  ...[valueGauge, valueTicks, valueOpaque, noObject, noInstance, endOfView],
]

export const snmpFurtherFields: readonly Field[] = scanned(items, (scan) => {
  const { bytes } = scan
  const message = elementAt(bytes, scan.start, scan.end)
  if (message === null || message.tag !== SEQUENCE) return
  const members = within(bytes, message)
  const [version] = members
  if (version === undefined) return
  if (integer(bytes, version) === VERSION_3) scanVersion3(scan, members)
  else if (members[2] !== undefined) scanOperation(scan, members[2])
})

function integer(bytes: Uint8Array, { at, end }: Contents): number {
  return readInteger(bytes, at, end)
}

/** The item has the octets of an element, which may be none. */
function put(scan: Scan, what: Item, contents: Contents | undefined): void {
  if (contents !== undefined) scan.put(what, contents.at, contents.end - contents.at)
}

function putNumber(scan: Scan, what: Item, contents: Contents | undefined): void {
  if (contents !== undefined) scan.put(what, integer(scan.bytes, contents) >>> 0)
}

function scanVersion3(scan: Scan, [, header, security, scoped]: readonly Contents[]): void {
  const { bytes } = scan
  if (header === undefined) return
  scan.mark(globalData)
  const [, size, flagsOctet, model] = within(bytes, header)
  putNumber(scan, maximumSize, size)
  put(scan, flags, flagsOctet)
  if (flagsOctet !== undefined && flagsOctet.end > flagsOctet.at) {
    const bits = bytes[flagsOctet.at]
    scan.put(reportable, (bits & REPORTABLE) !== 0 ? 1 : 0)
    scan.put(encrypted, (bits & ENCRYPTED) !== 0 ? 1 : 0)
    scan.put(authenticated, (bits & AUTHENTICATED) !== 0 ? 1 : 0)
  }
  putNumber(scan, securityModel, model)
  const parameters = security === undefined ? null : elementAt(bytes, security.at, security.end)
  if (parameters !== null && parameters.tag === SEQUENCE) {
    const [engine, boots, time, , authenticationOctets, privacyOctets] = within(bytes, parameters)
    put(scan, engineId, engine)
    putNumber(scan, engineBoots, boots)
    putNumber(scan, engineTime, time)
    put(scan, authentication, authenticationOctets)
    put(scan, privacy, privacyOctets)
  }
  if (scoped === undefined) return
  if (scoped.tag === OCTET_STRING) {
    scan.put(data, 1)
    put(scan, encryptedPdu, scoped)
    return
  }
  scan.put(data, 0)
  scan.mark(plaintext)
  const [engine, name, operation] = within(bytes, scoped)
  put(scan, contextEngine, engine)
  if (name !== undefined) scan.put(contextName, text(bytes, name))
  if (operation !== undefined) scanOperation(scan, operation)
}

function text(bytes: Uint8Array, { at, end }: Contents): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString('utf8')
}

function scanOperation(scan: Scan, operation: Contents): void {
  const { bytes } = scan
  const kind = operation.tag - PDU
  if (kind < 0 || kind > REPORT) return
  scan.mark(operations[kind])
  const members = within(bytes, operation)
  if (kind === TRAP && members[0]?.tag === OID) scan.put(enterprise, identifier(bytes, members[0]))
  const list = members[kind === TRAP ? 5 : 3]
  if (list === undefined || list.tag !== SEQUENCE) return
  for (const variable of within(bytes, list)) {
    const [, value] = within(bytes, variable)
    if (value !== undefined) scanValue(scan, value)
  }
}

/** By tag: universal types, SNMP's own (RFC 2578 §2), and what stands for a value that is not there. */
function scanValue(scan: Scan, value: Contents): void {
  const { bytes } = scan
  const { at, end } = value
  switch (value.tag) {
    case 0x02:
      scan.put(valueInteger, BigInt(integer(bytes, value)))
      return
    case OCTET_STRING:
      put(scan, valueOctets, value)
      return
    case 0x05:
      scan.mark(valueNull)
      return
    case OID:
      scan.put(valueOid, identifier(bytes, value))
      return
    case 0x40:
      if (end - at === 4) scan.put(valueAddress, read32(bytes, at))
      return
    case 0x41:
    case 0x46:
      scan.put(valueCounter, wide(bytes, value))
      return
    case 0x42:
      scan.put(valueGauge, wide(bytes, value))
      return
    case 0x43:
      scan.put(valueTicks, wide(bytes, value))
      return
    case 0x44:
      put(scan, valueOpaque, value)
      return
    case 0x80:
      scan.mark(noObject)
      return
    case 0x81:
      scan.mark(noInstance)
      return
    case 0x82:
      scan.mark(endOfView)
      return
  }
}

/** A number without sign: at most eight octets, and a zero before them. */
function wide(bytes: Uint8Array, { at, end }: Contents): bigint {
  let value = 0n
  for (let i = Math.max(at, end - 8); i < end; i++) value = value * 256n + BigInt(bytes[i])
  return value
}
