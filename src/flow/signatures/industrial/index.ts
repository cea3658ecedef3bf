import type { Signature } from '../signature.ts'
import { ams } from './ads.ts'
import { bacnet } from './bacnet.ts'
import { cnip } from './cnip.ts'
import { coap } from './coap.ts'
import { dlms } from './dlms.ts'
import { dnp3 } from './dnp3.ts'
import { egd } from './egd.ts'
import { enip } from './enip.ts'
import { etherCat } from './ethercat.ts'
import { fins, finsOverTcp } from './fins.ts'
import { hartIp } from './hart-ip.ts'
import { hislip } from './hislip.ts'
import { iec104 } from './iec104.ts'
import { knx } from './knx.ts'
import { modbus, modbusMessages } from './modbus.ts'
import { opcUa } from './opcua.ts'
import { esio, sBus } from './saia.ts'
import { someIp } from './someip.ts'
import { synchrophasor } from './synchrophasor.ts'
import { trdp } from './trdp.ts'
import { uftp } from './uftp.ts'

export const industrial: readonly Signature[] = [
  dnp3,
  dlms,
  finsOverTcp,
  opcUa,
  hislip,
  esio,
  sBus,
  synchrophasor,
  enip,
  ams,
  trdp,
  knx,
  bacnet,
  iec104,
  uftp,
  someIp,
  hartIp,
  fins,
  egd,
  cnip,
  coap,
  etherCat,
  modbus,
  modbusMessages,
]
