/** The one connection to the database: opened when first needed, and again if it was lost. */
import { openDatabase, type Database } from './database'

let opened: Promise<Database> | undefined

export function database(): Promise<Database> {
  opened ??= openDatabase('postil', forget).catch((error: unknown) => {
    forget()
    throw error
  })
  return opened
}

function forget(): void {
  opened = undefined
}
