/** The build hands a script the text of a style sheet it imports. */
declare module '*.css' {
  const text: string
  export default text
}
