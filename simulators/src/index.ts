export * from './home/app.ts'
export * from './home/config.ts'
export * from './resident/day.ts'
export * from './resident/household.ts'
