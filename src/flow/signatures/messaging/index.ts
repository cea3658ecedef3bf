import type { Signature } from '../signature.ts'
import { amqp } from './amqp.ts'
import { fix } from './fix.ts'
import { dicom, hl7 } from './health.ts'
import { aim, msnms, oicq, ymsg } from './instant-messengers.ts'
import { irc } from './irc.ts'
import { kafka } from './kafka.ts'
import { mqtt } from './mqtt.ts'
import { nats } from './nats.ts'
import { openwire } from './openwire.ts'
import { stomp } from './stomp.ts'
import { syslog, syslogOverTcp } from './syslog.ts'
import { xmpp } from './xmpp.ts'
import { zmtp } from './zmtp.ts'
import { zookeeper } from './zookeeper.ts'

export const messaging: readonly Signature[] = [
  openwire,
  fix,
  hl7,
  dicom,
  zmtp,
  nats,
  stomp,
  xmpp,
  amqp,
  mqtt,
  zookeeper,
  irc,
  syslog,
  syslogOverTcp,
  msnms,
  ymsg,
  aim,
  oicq,
  kafka,
]
