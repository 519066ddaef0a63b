import { Loader } from '@mantine/core'
import styles from './waiting.module.css'

/** A page, or a part of it, that has nothing to show yet, and says why. */
export function Waiting({ text, alert = false }: { readonly text: string; readonly alert?: boolean }) {
  return (
    <div className={styles['waiting']} role={alert ? 'alert' : 'status'}>
      <Loader size="sm" color="#5c646d" aria-hidden />
      <span>{text}</span>
    </div>
  )
}
