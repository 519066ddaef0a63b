import { useQuery } from '@tanstack/react-query'
import { staff } from '../api/staff-calls.ts'
import { useText } from '../i18n/locale.tsx'
import { staffKey } from './use-dialog.ts'

/** The levels of the tree end here; a zone of another length is between two of them. */
const levelChars = [2, 4, 6, 9, 12]

/** Where a responder goes: the code, and what that place is called today. */
export function ZoneName({ zone }: { readonly zone: string }) {
  const t = useText()
  const isArea = levelChars.includes(zone.length) && /^\d+$/.test(zone)
  const read = useQuery({
    queryKey: [staffKey, 'area', zone],
    queryFn: ({ signal }) => staff.area(zone.padEnd(12, '0'), signal),
    enabled: isArea,
    // Areas change on the first of a year; that there is none is an answer, too.
    staleTime: 3_600_000,
    retry: false,
  })
  if (zone === '') return <span data-zone="">{t('staff.everywhere')}</span>
  const name = read.data && [...read.data.ancestors.map((area) => area.name), read.data.name].join(' ')
  return (
    <span data-zone={zone}>
      <span className="numerals">{zone}</span>{' '}
      {name ?? (read.isFetching ? t('frame.loading') : t('staff.zone-unknown'))}
    </span>
  )
}
