import type { AtConsole } from '@anju/contract/api'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { consoles } from '../api/calls.ts'
import { staff } from '../api/staff-calls.ts'
import { useSeat, useSitting } from '../console/seat.tsx'
import { Pick } from '../frame/pick.tsx'
import { useText } from '../i18n/locale.tsx'
import { sentenceOf } from '../i18n/refusals.ts'
import styles from './start-shift.module.css'

const lookEveryMs = 60_000

/** The centre's seats; undefined until they are known. */
export function useSeats() {
  return useQuery({
    queryKey: ['seats'],
    queryFn: ({ signal }) => staff.seats(signal),
    staleTime: lookEveryMs,
    refetchInterval: lookEveryMs,
  })
}

/** Which seat this is, of those that there are; nothing where the centre has none. */
export function SeatChoice({ first = false }: { readonly first?: boolean }) {
  const t = useText()
  const { sitting, me } = useSeat()
  const seat = useSitting()
  const seats = useSeats()
  // Of its own: who hands an alarm on must not be shown who was there when the shift began.
  const there = useQuery({ queryKey: ['seat-takers'], queryFn: ({ signal }) => consoles.there(signal), staleTime: 0 })
  const [problem, setProblem] = useState<unknown>(null)
  /** Picked, and not answered yet. */
  const [picked, setPicked] = useState<string | null>(null)

  async function sit(id: string) {
    setPicked(id)
    setProblem(null)
    try {
      await sitting.sit(id === '' ? null : id)
    } catch (error) {
      setProblem(error)
    }
    setPicked(null)
  }

  if (seats.isPending) return <output className={styles['help']}>{t('seat.loading')}</output>
  if (seats.isError && seats.data === undefined)
    return (
      <p className={styles['problem']} role="alert">
        {sentenceOf(t, seats.error)}{' '}
        <button type="button" className={styles['again']} onClick={() => void seats.refetch()}>
          {t('seat.again')}
        </button>
      </p>
    )
  if (seats.data.length === 0 && seat === null) return null
  const others = there.data?.filter(({ personId }) => personId !== me.personId) ?? []
  return (
    <>
      <Pick
        label={t('seat.which')}
        value={picked ?? seat?.id ?? ''}
        field="seat"
        first={first}
        problem={problem === null ? undefined : sentenceOf(t, problem)}
        onPick={(id) => void sit(id)}
      >
        <option value="">{t('seat.none')}</option>
        {seats.data.map(({ id, name }) => (
          <option key={id} value={id}>
            {occupied(name, id, others, t)}
          </option>
        ))}
      </Pick>
      <p className={styles['help']}>
        {t(seat === null ? 'seat.none-means' : 'seat.means', { seat: seat?.name ?? '' })}
      </p>
    </>
  )
}

function occupied(name: string, id: string, others: readonly AtConsole[], t: ReturnType<typeof useText>): string {
  const who = others.filter(({ seats }) => seats.some((one) => one.id === id)).map((one) => one.name)
  return who.length === 0 ? name : t('seat.taken', { name, who: who.join(t('reaching.and')) })
}
