import { createTheme, MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { LocaleProvider } from './i18n/locale.tsx'
import { SessionGate } from './session/session-gate.tsx'

const theme = createTheme({
  primaryColor: 'dark',
  respectReducedMotion: true,
  components: {
    // The scroll lock writes a style element, which the page's content policy refuses; a dialog here needs none.
    Modal: { defaultProps: { lockScroll: false, transitionProps: { duration: 0 }, centered: true } },
  },
})

const queries = new QueryClient({
  defaultOptions: { queries: { retry: 1, refetchOnWindowFocus: false, networkMode: 'always' } },
})

export function App() {
  return (
    <LocaleProvider>
      <MantineProvider theme={theme} forceColorScheme="light" withCssVariables={false} withGlobalClasses={false}>
        <QueryClientProvider client={queries}>
          <SessionGate />
        </QueryClientProvider>
      </MantineProvider>
    </LocaleProvider>
  )
}
