/** Tests with real parts that judge how long something took, or time bytes on a line: each has the machine to itself. */
export const timed: readonly string[] = [
  'gateway/src/broker/broker.integration.test.ts',
  'gateway/src/cli/cli.integration.test.ts',
  'gateway/src/drivers/**/*.integration.test.ts',
  'gateway/src/serial-line/*.integration.test.ts',
  'gateway/src/uplink/*.integration.test.ts',
  'server/src/app/{store-stall,uplink}.integration.test.ts',
  'server/src/live/live.integration.test.ts',
  'simulators/src/{fleet,home,serial-bridge}/*.integration.test.ts',
  'tests/browser/in-time.test.ts',
  'tests/chaos/{influx-*.test,observations.integration.test}.ts',
  'tests/flows/start.integration.test.ts',
  'tests/integration/{listening-lines,modbus-library}.integration.test.ts',
]
