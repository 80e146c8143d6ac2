import { findUnreachableText } from './reach';

/**
 * The node's outputs, computed by the editor and by n8n from the routes: one per route, in their order, then the
 * fallback, then the error output for mail that no attempt succeeded with. A route that is off keeps its output, so that switching it does not move the others.
 * One that can never be reached has a sign before its name, since the canvas cuts what is long.
 * An expression is text to n8n: it may use nothing from this file.
 */
export const routeOutputs = `={{ ((parameters) => {
	const routes = (parameters.routes && parameters.routes.route) || [];
	const unreachable = ${findUnreachableText}(parameters);
	const outputs = routes.map((route, index) => ({
		type: 'main',
		displayName: (unreachable.includes(index) ? '⚠ ' : '') +
			(route.name || 'Route ' + (index + 1)) + (route.enabled === false ? ' (off)' : ''),
	}));
	return [
		...outputs,
		{ type: 'main', displayName: 'Fallback' },
		{ type: 'main', displayName: 'Error' },
	];
})($parameter) }}` as const;
