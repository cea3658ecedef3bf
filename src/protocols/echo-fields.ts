/**
 * What ties an echo reply to its request, in ICMP and ICMPv6. `flow/icmp-echoes.ts` finds the request.
 *
 * A request does not know its reply when it is shown, for the reply comes later: Wireshark needs a second pass to say more.
 */
import { absent, computed, type Field } from './field.ts'

const NANOSECONDS_PER_MILLISECOND = 1_000_000

/** Those of `icmp` or `icmpv6`; the labels are not quite the same. */
export function answerFields(prefix: 'icmp' | 'icmpv6'): readonly Field[] {
  const isV4 = prefix === 'icmp'
  return [
    absent('framenum', `${prefix}.resp_in`, isV4 ? 'Response frame' : 'Response In'),
    absent('none', `${prefix}.no_resp`, 'No response seen'),
    absent('none', `${prefix}.resp_not_found`, 'Response not found'),
    computed(
      'framenum',
      `${prefix}.resp_to`,
      isV4 ? 'Request frame' : 'Response To',
      (packet, layer, visit) => {
        const { number } = packet.layerTimes
        return number[layer] > 0 && visit(number[layer], 0)
      },
      { need: 'echoes' },
    ),
    computed(
      'double',
      `${prefix}.resptime`,
      `Response ${isV4 ? 'time' : 'Time'}; in milliseconds`,
      (packet, layer, visit) => {
        const { number, seconds, nanoseconds } = packet.layerTimes
        if (number[layer] <= 0) return false
        const milliseconds = (packet.seconds - seconds[layer]) * 1000
        return visit(milliseconds + (packet.nanoseconds - nanoseconds[layer]) / NANOSECONDS_PER_MILLISECOND, 0)
      },
      { need: 'echoes' },
    ),
  ]
}
