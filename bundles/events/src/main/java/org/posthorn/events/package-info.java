/** The story of each mail: heard, written down, and told. */
package org.posthorn.events;
