/** What can be dialled and hosted. */
@NullMarked
package io.postern.controller.service;

import org.jspecify.annotations.NullMarked;
