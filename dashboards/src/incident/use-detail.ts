import { useQuery } from '@tanstack/react-query'
import { alarms } from '../api/calls.ts'

/** An alarm's particulars as the incident on this page has read them: each reading is an audit row, so a dialog makes none. */
export const useDetail = (id: string) =>
  useQuery({ queryKey: ['alarm', id], queryFn: ({ signal }) => alarms.read(id, signal), enabled: false })
