import { playSeeds } from './seeds'

playSeeds('even')
