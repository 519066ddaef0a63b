/** Tests with real parts that judge how long something took, or time bytes on a line: each has the machine to itself. */
export const timed: readonly string[] = [
  'gateway/src/**/*.integration.test.ts',
  'server/src/app/{store-stall,uplink}.integration.test.ts',
  'server/src/live/live.integration.test.ts',
  'simulators/src/**/*.integration.test.ts',
  'tests/browser/{family-page,real-centre,scripted-centre}.test.ts',
  'tests/chaos/*.test.ts',
  'tests/flows/start.integration.test.ts',
  'tests/integration/{listening-lines,modbus-library}.integration.test.ts',
]
