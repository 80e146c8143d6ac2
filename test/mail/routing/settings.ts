import type { Company, Route, Rule, RuleField, RoutingSettings } from '../../../mail/routing/route';

export function route(parts: Partial<Route>): Route {
	return { name: 'A', enabled: true, recipientAddress: '', rules: [], match: 'all', ...parts };
}

export function rule(field: RuleField, value = ''): Rule {
	return { field, value };
}

export function settings(
	routes: readonly Route[],
	parts: { companies?: readonly Company[]; mode?: RoutingSettings['mode'] } = {},
): RoutingSettings {
	return { routes, companies: [], mode: 'first', ...parts };
}
