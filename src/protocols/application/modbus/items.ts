/** The fields of Modbus, as the walk over a message places them. */
import { type Item, item, part } from '../../scan.ts'
import {
  CONFORMITIES,
  DIAGNOSTICS,
  EXCEPTIONS,
  FUNCTIONS,
  IDENTIFICATIONS,
  INTERFACES,
  OBJECTS,
  RESTART_OPTIONS,
} from './names.ts'

export const functionCode = part('uint8', 'modbus.func_code', 1, 0x7f, 'Function Code', { values: FUNCTIONS })
export const requestFrame = item('framenum', 'modbus.request_frame', 'Request Frame')
export const responseTime = item('relative_time', 'modbus.response_time', 'Time from request')
export const reference = item('uint16', 'modbus.reference_num', 'Reference Number; where to begin, from 0')
export const padding = item('uint8', 'modbus.padding', 'Padding', { base: 'hex' })
export const wideReference = item('uint32', 'modbus.reference_num_32', 'Reference Number (32 bit); file and record')
export const referenceType = item('uint8', 'modbus.reference_type', 'Reference Type; 6')
export const readReference = item('uint16', 'modbus.read_reference_num', 'Read Reference Number')
export const writeReference = item('uint16', 'modbus.write_reference_num', 'Write Reference Number')
export const wordCount = item('uint16', 'modbus.word_cnt', 'Word Count; registers of 16 bits')
export const readWordCount = item('uint16', 'modbus.read_word_cnt', 'Read Word Count')
export const writeWordCount = item('uint16', 'modbus.write_word_cnt', 'Write Word Count')
export const bitCount = item('uint16', 'modbus.bit_cnt', 'Bit Count')
export const byteCount = item('uint8', 'modbus.byte_cnt', 'Byte Count')
export const wideByteCount = part('uint8', 'modbus.byte_cnt_16', 2, 0, 'Byte Count (16-bit)')
export const exceptionCode = item('uint8', 'modbus.exception_code', 'Exception Code; why the request was refused', {
  values: EXCEPTIONS,
})
export const diagnosticCode = item('uint16', 'modbus.diagnostic_code', 'Diagnostic Code', { values: DIAGNOSTICS })
export const queryData = item('bytes', 'modbus.diagnostic.return_query_data.request', 'Request Data')
export const echoData = item('bytes', 'modbus.diagnostic.return_query_data.echo', 'Echo Data')
export const restartOption = item(
  'uint16',
  'modbus.diagnostic.restart_communication_option',
  'Restart Communication Option',
  { base: 'hex', values: RESTART_OPTIONS },
)
export const delimiter = item('uint8', 'modbus.diagnostic.ascii_input_delimiter', 'CHAR', { base: 'hex' })

const counter = (name: string, description: string): Item => item('uint16', `modbus.diagnostic.${name}`, description)
/** What the answer to a diagnostic request holds, by its code. */
export const diagnosticAnswers: Readonly<Record<number, Item>> = {
  2: item('uint16', 'modbus.diagnostic.return_diag_register', 'Diagnostic Register Contents', { base: 'hex' }),
  10: counter('clear_ctr_diag_reg', 'Clear Counters & Diag Register Echo'),
  11: counter('bus_message_count', 'Total Message Count'),
  12: counter('bus_comm_error_count', 'CRC Error Count'),
  13: counter('bus_exception_error_count', 'Exception Error Count'),
  14: counter('slave_message_count', 'Slave Message Count'),
  15: counter('no_slave_response_count', 'Slave No Response Count'),
  16: counter('slave_nak_count', 'Slave NAK Count'),
  17: counter('slave_busy_count', 'Slave Device Busy Count'),
  18: counter('bus_char_overrun_count', 'Slave Character Overrun Count'),
}

export const status = item('uint16', 'modbus.ev_status', 'Status', { base: 'hex' })
export const event = item('uint8', 'modbus.event', 'Event')
export const eventCount = item('uint16', 'modbus.ev_count', 'Event Count')
export const messageCount = item('uint16', 'modbus.ev_msg_count', 'Message Count')
const bitOf = (name: string, mask: number, description: string): Item =>
  part('uint8', `modbus.${name}`, 1, mask, description)
/** The bits of an event of receiving. */
export const received: readonly Item[] = [
  bitOf('ev_recv_comm_err', 0x02, 'Communication Error'),
  bitOf('ev_recv_char_over', 0x10, 'Character Overrun'),
  bitOf('ev_recv_lo_mode', 0x20, 'Currently in Listen Only Mode'),
  bitOf('ev_recv_broadcast', 0x40, 'Broadcast Received'),
]
/** The bits of an event of sending. */
export const sent: readonly Item[] = [
  bitOf('ev_send_read_ex', 0x01, 'Read Exception Sent'),
  bitOf('ev_send_slave_abort_ex', 0x02, 'Slave Abort Exception Sent'),
  bitOf('ev_send_slave_busy_ex', 0x04, 'Slave Busy Exception Sent'),
  bitOf('ev_send_slave_nak_ex', 0x08, 'Slave Program NAK Exception Sent'),
  bitOf('ev_send_write_timeout', 0x10, 'Write Timeout Error Occurred'),
  bitOf('ev_send_lo_mode', 0x20, 'Currently in Listen Only Mode'),
]

export const andMask = item('uint16', 'modbus.and_mask', 'AND mask', { base: 'hex' })
export const orMask = item('uint16', 'modbus.or_mask', 'OR mask', { base: 'hex' })
export const data = item('bytes', 'modbus.data', 'Data')
export const interfaceType = item('uint8', 'modbus.mei', 'MEI type', { values: INTERFACES })
export const identification = item('uint8', 'modbus.read_device_id', 'Read Device ID', { values: IDENTIFICATIONS })
export const objectId = item('uint8', 'modbus.object_id', 'Object ID', { values: OBJECTS })
export const objectCount = item('uint8', 'modbus.num_objects', 'Number of Objects')
export const objectLength = item('uint8', 'modbus.objects_len', 'Object length')
export const conformity = item('uint8', 'modbus.conformity_level', 'Conformity Level', {
  base: 'hex',
  values: CONFORMITIES,
})
export const moreFollows = item('uint8', 'modbus.more_follows', 'More Follows', { base: 'hex' })
export const nextObject = item('uint8', 'modbus.next_object_id', 'Next Object ID')
export const objectText = item('string', 'modbus.object_str_value', 'Object String Value')
export const objectValue = item('bytes', 'modbus.object_value', 'Object Value')
export const bitNumber = item('uint16', 'modbus.bitnum', 'Bit Number; from 0')
export const bitValue = item('boolean', 'modbus.bitval', 'Bit Value')
export const register = item('uint16', 'modbus.regnum16', 'Register Number; from 0')

export const registerValue = item('uint16', 'modbus.regval_uint16', 'Register Value (UINT16)')

export const modbusItems: readonly Item[] = [
  ...[functionCode, requestFrame, responseTime, reference, padding, wideReference, referenceType, readReference],
  ...[writeReference, wordCount, readWordCount, writeWordCount, bitCount, byteCount, wideByteCount, exceptionCode],
  ...[diagnosticCode, queryData, echoData, restartOption, delimiter, ...Object.values(diagnosticAnswers)],
  ...[status, event, eventCount, messageCount, ...received, ...sent, andMask, orMask, data, interfaceType],
  ...[identification, objectId, objectCount, objectLength, conformity, moreFollows, nextObject, objectText],
  ...[objectValue, bitNumber, bitValue, register, registerValue],
]
