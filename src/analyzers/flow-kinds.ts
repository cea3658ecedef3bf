/** What flows can be listed, and in which order. Apart from the analyzer, so that the command line can be read without loading that. */

/** What flows are conversations of. */
export const FLOW_KINDS = ['ethernet', 'ip', 'tcp', 'udp', 'other'] as const
export type FlowKind = (typeof FLOW_KINDS)[number]

/** By what flows are put in order, the most first; `start` and `stream`: the first first. */
export const FLOW_ORDERS = [
  'bytes',
  'packets',
  'payload',
  'duration',
  'start',
  'lost',
  'retransmissions',
  'stream',
] as const
export type FlowOrder = (typeof FLOW_ORDERS)[number]
