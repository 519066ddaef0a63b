import type { QueryClient } from '@tanstack/react-query'
import type { Link } from '../live/connection.ts'

/**
 * What hangs on a dead line would hold the browser's few connections when it comes back, so it is called off. What was being
 * read for the first time then waits for nothing, and is asked for once more when the line is back.
 */
export function readingOver(queries: QueryClient): (link: Link) => void {
  let lost = false
  return (link) => {
    if (link === 'lost') {
      lost = true
      void queries.cancelQueries()
    } else if (link === 'live' && lost) {
      lost = false
      void queries.refetchQueries({ type: 'active', predicate: ({ state }) => state.status === 'pending' })
    }
  }
}
