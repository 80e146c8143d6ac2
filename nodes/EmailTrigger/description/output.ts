import { findUnreachableText } from './reach';

/**
 * The node's outputs, computed by the editor and by n8n from the routes: one per route, in their order, then the
 * fallback, then the error output for mail that no attempt succeeded with. A route that is off keeps its output, so that switching it does not move the others.
 * One that can never be reached says so on the canvas: the only place where n8n shows words that are computed.
 * An expression is text to n8n: it may use nothing from this file.
 */
export const routeOutputs = `={{ ((parameters) => {
	const routes = (parameters.routes && parameters.routes.route) || [];
	const unreachable = ${findUnreachableText}(parameters);
	const noteOf = (route, index) => {
		if (route.enabled === false) return ' (off)';
		return unreachable.includes(index) ? ' (never reached)' : '';
	};
	const outputs = routes.map((route, index) => ({
		type: 'main',
		displayName: (route.name || 'Route ' + (index + 1)) + noteOf(route, index),
	}));
	return [
		...outputs,
		{ type: 'main', displayName: 'Fallback' },
		{ type: 'main', displayName: 'Error' },
	];
})($parameter) }}` as const;
