# `cmake --install`: headers, libraries, the program and a package file for find_package(caviar).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

function(caviar_install)
  get_property(layers GLOBAL PROPERTY CAVIAR_LAYERS)
  list(TRANSFORM layers PREPEND caviar_ OUTPUT_VARIABLE targets)

  # What users link: everything a study needs.
  add_library(caviar_library INTERFACE)
  target_link_libraries(caviar_library INTERFACE ${targets})
  set_target_properties(caviar_library PROPERTIES EXPORT_NAME caviar)
  add_library(caviar::caviar ALIAS caviar_library)

  install(TARGETS ${targets} caviar_library EXPORT caviarTargets)
  install(DIRECTORY src/caviar DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILES_MATCHING PATTERN "*.hpp" PATTERN cli EXCLUDE)
  set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/caviar)
  install(EXPORT caviarTargets NAMESPACE caviar:: DESTINATION ${package_dir})
  configure_package_config_file(cmake/caviarConfig.cmake.in
    ${PROJECT_BINARY_DIR}/caviarConfig.cmake INSTALL_DESTINATION ${package_dir})
  write_basic_package_version_file(${PROJECT_BINARY_DIR}/caviarConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
  install(FILES ${PROJECT_BINARY_DIR}/caviarConfig.cmake
    ${PROJECT_BINARY_DIR}/caviarConfigVersion.cmake DESTINATION ${package_dir})
endfunction()
