import { spawn } from 'node:child_process';

const openers: Partial<Record<NodeJS.Platform, readonly [command: string, ...args: string[]]>> = {
	darwin: ['open'],
	linux: ['xdg-open'],
	win32: ['cmd', '/c', 'start', ''],
};

/** Opens the user's browser where there is one. Never fails: the address is printed anyway. */
export function openBrowser(url: string): void {
	const [command, ...args] = openers[process.platform] ?? [];
	if (command === undefined || !hasScreen()) return;
	const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
	child.on('error', () => undefined);
	child.unref();
}

function hasScreen(): boolean {
	if (process.platform !== 'linux') return true;
	return Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}
