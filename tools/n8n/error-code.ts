/** Whether an error of Node carries this code. By shape: in a test's own realm it is no `instanceof Error`. */
export function hasCode(error: unknown, code: string): boolean {
	return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
