export type { GatewayStatus } from './app/status.ts'
export { type GatewayEdges, type RunningGateway, startGateway } from './app.ts'
export { type GatewayConfig, parseConfig, readConfig, readEnvironment } from './config.ts'
