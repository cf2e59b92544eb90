import { playSeeds } from './seeds'

playSeeds('odd')
