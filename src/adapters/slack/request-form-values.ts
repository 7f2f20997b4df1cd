import { z } from 'zod'
import type { Form } from '../../core/entitled.ts'

/** What the request form holds, as far as it is filled in. Keys of `parameters` are their names. */
export type RequestFormValues = {
  entitlementId?: string
  accountKey?: string
  durationMinutes?: string
  reason?: string
  ticket?: string
  parameters: Record<string, string>
}

/** Reads `view.state.values`: each block of the form has one element. Throws a ZodError when it is not such a thing. */
export function readRequestForm(stateValues: unknown): RequestFormValues {
  const values: RequestFormValues = { parameters: {} }
  for (const [blockId, elements] of Object.entries(viewState.parse(stateValues))) {
    const [element] = Object.values(elements)
    const value = element?.selected_option?.value ?? element?.value
    if (value === undefined || value === null) continue
    const place = places[blockId]
    if (place) values[place] = value
    else if (blockId.startsWith(parameterPrefix))
      values.parameters[blockId.slice(parameterPrefix.length)] = value.trim()
  }
  return values
}

/** The form as core checks it; what is missing becomes what core refuses. */
export function toForm({ durationMinutes, parameters, ...values }: RequestFormValues): Form {
  return {
    entitlementId: values.entitlementId ?? '',
    accountKey: values.accountKey ?? '',
    parameters,
    durationMinutes: Number(durationMinutes ?? 0),
    reason: values.reason ?? '',
    ...(values.ticket === undefined ? {} : { ticket: values.ticket }),
  }
}

const parameterPrefix = 'parameter.'

const places: Record<string, Exclude<keyof RequestFormValues, 'parameters'>> = {
  entitlement: 'entitlementId',
  account: 'accountKey',
  duration: 'durationMinutes',
  reason: 'reason',
  ticket: 'ticket',
}

const viewState = z.record(
  z.string(),
  z.record(
    z.string(),
    z.object({ value: z.string().nullish(), selected_option: z.object({ value: z.string() }).nullish() }),
  ),
)
