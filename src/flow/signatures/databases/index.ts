import type { Signature } from '../signature.ts'
import { cassandra, cql } from './cassandra.ts'
import { drda } from './drda.ts'
import { elasticsearch } from './elasticsearch.ts'
import { gearman } from './gearman.ts'
import { couchbase, memcache, memcacheOverUdp } from './memcache.ts'
import { mongo } from './mongo.ts'
import { mysql } from './mysql.ts'
import { pgsql } from './pgsql.ts'
import { resp } from './resp.ts'
import { tds } from './tds.ts'
import { tns } from './tns.ts'
import { zabbix } from './zabbix.ts'

export const databases: readonly Signature[] = [
  gearman,
  zabbix,
  elasticsearch,
  cassandra,
  cql,
  drda,
  mongo,
  pgsql,
  tns,
  tds,
  mysql,
  resp,
  couchbase,
  memcache,
  memcacheOverUdp,
]
