/** What is known across packets in one run, or in one part of a run: shared by its filter and its analyzers. */
import { ApplicationTracker, type ApplicationTrackerState } from '../flow/applications.ts'
import { HostNames } from '../flow/host-names.ts'
import { type StreamMapping, type StreamOptions, StreamTracker, type StreamTrackerState } from '../flow/streams.ts'
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

/** What can be carried to another thread: all but losses and names. */
export interface SavedContext {
  readonly streams: StreamTrackerState
  readonly applications: ApplicationTrackerState
}

/** The context as plain data; it is not used afterwards. */
export function saveContext({ streams, applications }: RunContext): SavedContext {
  return { streams: streams.save(), applications: applications.save() }
}

/**
 * Fills `context`, which is new and was made with `continues`, with what was saved of a part of which `packetsBefore` packets came
 * before. It is good for nothing but being merged into that of the part before.
 */
export function loadContext(context: RunContext, saved: SavedContext, packetsBefore: number): void {
  context.streams.load(saved.streams, packetsBefore)
  context.applications.load(saved.applications, packetsBefore)
}
