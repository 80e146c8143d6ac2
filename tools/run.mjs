// node tools/run.mjs [--build] <entry.ts | command> [arguments]
// Prepares what is missing, then runs a TypeScript entry or one of the commands below.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ensureBuild, ensureDependencies, requireNode, root, runBin, runMain } from './prepare.mjs';

const lintPaths = ['.'];
const commands = {
	gulp: (args) => runBin('gulp', args).status,
	lint: (args) =>
		runBin('eslint', [...lintPaths, '--max-warnings', '0', ...args]).status ||
		runBin('prettier', ['--check', '--log-level', 'warn', '.']).status,
	format: () => runBin('prettier', ['--write', '--log-level', 'warn', '.']).status,
	typecheck: () => runBin('tsc', ['--noEmit', '-p', '.']).status,
};

function runTypeScript(entry, args) {
	const hook = path.join(root, 'tools', 'typescript.cjs');
	const child = spawn(
		process.execPath,
		['--enable-source-maps', '--require', hook, path.join(root, entry), ...args],
		{ cwd: root, stdio: 'inherit' },
	);
	// Ctrl-C reaches the child by itself; this process only has to wait for its end.
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
		process.on(signal, () => {
			if (signal !== 'SIGINT') child.kill(signal);
		});
	}
	return new Promise((resolve) => {
		child.on('exit', (code, signal) => resolve(signal === null ? code : 1));
	});
}

await runMain(async () => {
	const args = process.argv.slice(2);
	const build = args[0] === '--build';
	if (build) args.shift();
	const [target = '', ...rest] = args;
	requireNode();
	ensureDependencies();
	if (build) ensureBuild();
	const command = commands[target];
	return command ? command(rest) : await runTypeScript(target, rest);
});
