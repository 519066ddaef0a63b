import { type Radar5359Point, readReport } from '../../protocols/radar-5359/reports.ts'
import type { DriverMessages } from '../../src/profile.ts'

const points = ['presence', 'motion', 'body-movement', 'fall'] as const satisfies readonly Radar5359Point[]

export const decode = (message: DriverMessages['radar-5359']) => readReport(message, points)
