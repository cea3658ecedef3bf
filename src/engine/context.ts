/** What is known across packets in one run, or in one part of a run: shared by its filter and its analyzers. */
import { ApplicationTracker } from '../flow/applications.ts'
import { HostNames } from '../flow/host-names.ts'
import { type StreamMapping, type StreamOptions, StreamTracker } from '../flow/streams.ts'
import { TcpLosses } from '../flow/tcp-losses.ts'

export interface RunContext {
  readonly streams: StreamTracker
  readonly applications: ApplicationTracker
  readonly losses: TcpLosses
  /** Not merged: it needs what is decoded over several packets. */
  readonly names: HostNames
}

/** `continues`: for a part of a capture that packets came before. */
export function newContext(options: StreamOptions = {}): RunContext {
  const streams = new StreamTracker(options)
  const applications = new ApplicationTracker(streams, options)
  const names = new HostNames(streams, applications)
  return { streams, applications, losses: new TcpLosses(streams, options), names }
}

/** Adds to `into` what `later` knows of the packets behind its own, which must have been made with `continues`. */
export function mergeContext(into: RunContext, later: RunContext): StreamMapping {
  const mapping = into.streams.merge(later.streams)
  into.applications.merge(later.applications, mapping)
  into.losses.merge(later.losses, mapping)
  return mapping
}
