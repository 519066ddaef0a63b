import type { TestProject } from 'vitest/node'
import { startTestServer } from './postgres.ts'

/** Vitest's global setup of the `real` project: one PostgreSQL server for the run; each file makes its own database in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startTestServer()
  project.provide('postgres', server.urls)
  return () => server.stop()
}
