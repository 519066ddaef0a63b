export { type GatewayEdges, type RunningGateway, startGateway } from './app.ts'
export { type GatewayConfig, parseConfig, readConfig, readEnvironment } from './config.ts'
export type { GatewayStatus } from './local-api/status.ts'
