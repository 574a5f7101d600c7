"""On a member's own vault: what a hub asks, and the answers under the member's own key."""
