/** The layers of the programs that RPC carries: NFS, the portmapper and so on. */
import { NONE, type Packet } from '../../../packet/packet.ts'
import { computed, type Field } from '../../field.ts'
import { type Protocol, protocolId } from '../../protocol.ts'
import type { Call } from './calls.ts'
import { programCall, programIsReply } from './message.ts'
import { mountFields } from './mount.ts'
import { portmapFields } from './portmap.ts'
import { programs } from './programs.ts'

interface Known {
  readonly id: number
  readonly versions: Readonly<Record<number, Readonly<Record<number, string>>>>
}

const known = new Map<number, Known>()

/** Hot. */
export function isKnownProgram(program: number): boolean {
  return known.has(program)
}

/** Whether Wireshark has a field for the procedures of that version of the program. */
export function isKnownVersion(program: number, version: number): boolean {
  return known.get(program)?.versions[version] !== undefined
}

/** Hot: whether Wireshark has a decoder for it. */
export function isKnownProcedure(program: number, version: number, procedure: number): boolean {
  return known.get(program)?.versions[version]?.[procedure] !== undefined
}

/** Hot: the layer of the program of `call`, from `at` to the end of the message. */
export function enterProgram(packet: Packet, call: Call, at: number, isReply: boolean): void {
  const layer = packet.layerCount
  programCall[layer] = call
  programIsReply[layer] = isReply ? 1 : 0
  packet.enter(known.get(call.program)?.id ?? NONE, at)
}

/** Fields of single programs, beyond the number of the procedure. */
const fieldsOf: Readonly<Record<string, readonly Field[]>> = { portmap: portmapFields, mount: mountFields }

/** `nfs.procedure_v3` and its like: the procedure, in calls and replies of that version. */
function procedureFields(name: string, versions: Known['versions']): Field[] {
  return Object.entries(versions).map(([version, values]) =>
    computed(
      'uint32',
      `${name}.procedure_v${version}`,
      `V${version} Procedure`,
      (_packet, layer, visit) => {
        const call = programCall[layer]
        return call !== null && call.version === Number(version) && visit(call.procedure, 0)
      },
      { values },
    ),
  )
}

/** Programs whose procedures Wireshark shows under no field of their own. */
const WITHOUT_PROCEDURE_FIELD = /^(gluster|sgimount)/

export const rpcPrograms: readonly Protocol[] = programs.map(({ number, name, title, versions }) => {
  const id = protocolId(name)
  known.set(number, { id, versions })
  return {
    id,
    name,
    title,
    need: 'dissection',
    fields: [...(WITHOUT_PROCEDURE_FIELD.test(name) ? [] : procedureFields(name, versions)), ...(fieldsOf[name] ?? [])],

    /** Hot: never called, the layer is entered by RPC. */
    decode() {
      return NONE
    },
  }
})
