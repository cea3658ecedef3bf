/**
 * Earlier packets that a layer refers to, by their number and their time; the trackers in `flow/` fill it in.
 *
 * | layer | `number`, `seconds`, `nanoseconds` | `previousSeconds`, `previousNanoseconds` |
 * | --- | --- | --- |
 * | ICMP, ICMPv6 | the request that an echo reply answers; number 0 if there is none | |
 * | UDP, UDP-Lite | the first packet of the stream; number 0 outside of any | the one before this |
 */
export class LayerTimes {
  readonly number: Float64Array
  readonly seconds: Float64Array
  readonly nanoseconds: Float64Array
  readonly previousSeconds: Float64Array
  readonly previousNanoseconds: Float64Array

  constructor(layers: number) {
    this.number = new Float64Array(layers)
    this.seconds = new Float64Array(layers)
    this.nanoseconds = new Float64Array(layers)
    this.previousSeconds = new Float64Array(layers)
    this.previousNanoseconds = new Float64Array(layers)
  }
}
