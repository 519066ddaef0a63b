import { createContext } from 'react'

/** The desk that the staff's dialogs stand before. */
export interface DeskBehind {
  /** Something is worked on there: a dialog stays out of sight until it is left, with all that was typed. */
  readonly taken: boolean
  readonly onAlarm: (id: string) => void
}

/** Null where no alarms are worked on. */
export const DeskBehindContext = createContext<DeskBehind | null>(null)
