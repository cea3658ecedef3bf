/** pcapx as a library: read captures, decode, filter, analyse. */
export type { Analyzer, Endpoint, Moment } from './analyzers/analyzer.ts'
export {
  type BusyPort,
  type Destination,
  type DestinationPort,
  type DestinationProtocol,
  Destinations,
  type DestinationsResult,
} from './analyzers/destinations.ts'
export { Endpoints, type EndpointsResult, type EndpointTraffic, type PortTraffic } from './analyzers/endpoints.ts'
export { type Flow, Flows, type FlowsResult } from './analyzers/flows.ts'
export {
  type Handshake,
  type HandshakeOutcome,
  HandshakeRtt,
  type RttResult,
  type RttSummary,
} from './analyzers/handshake-rtt.ts'
export { type HierarchyNode, type HierarchyResult, ProtocolHierarchy } from './analyzers/protocol-hierarchy.ts'
export { CaptureStatistics, type CaptureStatisticsResult } from './analyzers/statistics.ts'
export { type Finding, Unwanted, type UnwantedResult } from './analyzers/unwanted.ts'
export { CaptureError, type CaptureFault } from './capture/errors.ts'
export { type CaptureInfo, type InterfaceInfo, readCapture } from './capture/read.ts'
export { analyze } from './engine/analyze.ts'
export { forEachPacket, type Progress, type Run, type RunContext, type RunOptions } from './engine/run.ts'
export { FilterError } from './filter/errors.ts'
export { type CompiledFilter, compileFilter } from './filter/filter.ts'
export { Packet } from './packet/packet.ts'
export { PolicyError } from './policy/problems.ts'
export { builtInPolicy, readPolicy } from './policy/read.ts'
export { decode } from './protocols/decode.ts'
export type { Field, FieldType, Need } from './protocols/field.ts'
export { findField, protocols } from './protocols/index.ts'
export type { Protocol } from './protocols/protocol.ts'
export { openSource } from './source/open.ts'
export type { ByteSource } from './source/source.ts'
